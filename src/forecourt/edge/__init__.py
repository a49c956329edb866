"""What runs beside Envoy, and inside it (lua/)."""
