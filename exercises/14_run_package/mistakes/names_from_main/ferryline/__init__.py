"""The ferry line of Port Merrow."""
