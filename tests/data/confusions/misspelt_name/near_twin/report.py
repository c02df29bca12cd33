from berths import tide
