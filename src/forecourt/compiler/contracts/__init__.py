"""What the edge holds of a contract for one audience: operations to find, schemas to judge by."""
