import setuptools

setuptools.setup(name="merrow-gear-crane", version="1.0", packages=["merrow_gear", "merrow_gear.crane"])
