import setuptools

setuptools.setup(name="merrow-almanac", version="1.2.0", packages=["almanac"])
