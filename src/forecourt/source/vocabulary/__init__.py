"""The words in which a file's shape is written down: fields, records, lists, kinds of text."""
