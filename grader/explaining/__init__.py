"""Why it failed: from checks that were lost and imports that were recorded to sentences that all front ends show."""
