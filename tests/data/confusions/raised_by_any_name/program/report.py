from harbour import logs
