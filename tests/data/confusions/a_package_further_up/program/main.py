import pilot.routes.plan
