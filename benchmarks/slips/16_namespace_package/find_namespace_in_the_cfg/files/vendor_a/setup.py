import setuptools

setuptools.setup(name="merrow-gear-winch", version="1.0")
