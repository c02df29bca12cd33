"""Settings for whoever prints the manual of the winch."""

project = "The winch of Port Merrow"
