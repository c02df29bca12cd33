import calendar

calendar.leapdays(1, 2)
