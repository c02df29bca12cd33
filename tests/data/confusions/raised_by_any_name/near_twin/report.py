from harbour import logs

raise logs.Unreadable("no log today")
