import berths
