import setuptools

setuptools.setup(name="merrow-tidelog", version="1.4.0", python_requires=">=3.10")
