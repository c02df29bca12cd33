import pilotage.charts
