"""The front desk of the harbour office: what clerks may ask for."""
