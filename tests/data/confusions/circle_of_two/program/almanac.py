from desk import HARBOUR
