import setuptools

setuptools.setup(name="merrow-gear-winch", version="1.0", packages=["merrow_gear", "merrow_gear.winch"])
