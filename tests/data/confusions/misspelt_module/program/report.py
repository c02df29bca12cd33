import sounding
