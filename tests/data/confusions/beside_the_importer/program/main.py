import harbour
