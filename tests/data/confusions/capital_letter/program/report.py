import charts.soundings
