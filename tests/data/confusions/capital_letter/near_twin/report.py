import charts.tides
