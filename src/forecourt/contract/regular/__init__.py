"""Regular expressions of ECMAScript, which is what `pattern` holds: text to tree."""
