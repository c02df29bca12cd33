import merrow_horn

merrow_horn.main()
