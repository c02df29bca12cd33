from ..config import NAME
