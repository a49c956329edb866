"""The control plane over HTTP: what edges and operators ask it."""
