"""The declared world as values: audiences, postures, APIs, versions, callers, waivers."""
