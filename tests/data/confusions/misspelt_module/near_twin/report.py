import sandwiches
