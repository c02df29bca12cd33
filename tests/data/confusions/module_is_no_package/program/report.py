import charts.DEPTH
