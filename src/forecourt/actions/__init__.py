"""What people can do, a verb a module, with the ports each verb needs."""
