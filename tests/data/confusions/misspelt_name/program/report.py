from berths import alocate
