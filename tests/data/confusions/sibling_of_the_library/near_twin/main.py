import charts.depth
