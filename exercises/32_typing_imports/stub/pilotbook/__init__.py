"""The pilots' book of Port Merrow: ships, berths, and forms to enter them."""
