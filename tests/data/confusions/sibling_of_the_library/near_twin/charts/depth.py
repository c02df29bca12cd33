import calendar

calendar.tide()
