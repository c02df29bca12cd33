import desk
