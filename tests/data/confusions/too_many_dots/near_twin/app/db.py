from config import NAMES
