from harbour import FREE
