"""The dock office of Port Merrow."""
