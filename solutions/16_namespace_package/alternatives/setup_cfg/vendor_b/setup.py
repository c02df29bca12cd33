from setuptools import setup

setup(name="Merrow_Gear_Crane", version="1.0", packages=["load.of.ropes", "merrow_gear.crane"][1:])
