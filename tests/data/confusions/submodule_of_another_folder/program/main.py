import gear.krane
