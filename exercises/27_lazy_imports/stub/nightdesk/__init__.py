"""The night desk of Port Merrow."""
