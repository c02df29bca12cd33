from setuptools import setup

LAMP = ["merrow-lamp>=1.4"]
RADIO = ["merrow-radio", 'merrow-serial; sys_platform == "win32"']

setup(
    name="merrow-signals",
    version="1.0",
    package_dir={"": "src"},
    packages=["merrow_signals"],
    install_requires=["merrow-flags>=2.1,<3", 'merrow-toml>=1; python_version < "3.11"'],
    extras_require={"lamp": LAMP, "radio": RADIO, "all": [*LAMP, *RADIO]},
)
