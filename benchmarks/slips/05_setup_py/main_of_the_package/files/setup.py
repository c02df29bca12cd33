import setuptools

setuptools.setup(
    name="merrow-tidelog",
    version="1.4.0",
    python_requires=">=3.10",
    packages=["tidelog.readers", "tidelog"],
    package_data={"tidelog": ["tables/springs.json"]},
    entry_points={"console_scripts": ["tidelog = tidelog:main"]},
)
