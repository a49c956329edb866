"""YAML and OpenAPI text read into estate values, with every mistake located."""
