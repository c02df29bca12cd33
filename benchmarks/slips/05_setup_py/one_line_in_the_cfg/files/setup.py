import setuptools

setuptools.setup(version="1.4.0", package_data={"tidelog": ["tables/springs.json"]})
