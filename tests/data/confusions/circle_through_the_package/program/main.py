import dock
