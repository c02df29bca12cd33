"""The buoys off Port Merrow."""
