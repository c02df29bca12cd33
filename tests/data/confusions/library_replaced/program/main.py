import calendar

print(calendar.leapdays(1, 2))
