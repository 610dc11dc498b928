"""The members of the sample's forums, by language, and what some put under every post."""

PEOPLE = {
    "vi": (
        "mebeo_vinh", "gomchieu", "tieuthuong79", "namquan_q8", "tiemsachcu", "co_ba_ghe_xanh",
        "huongtra", "dep_to_ong", "shopnhala", "anhtu_hp", "lanphuong.store", "banhang247",
        "ongchutiem", "thuybien", "kimchi_bn", "quangnoi", "xuan_dalat", "mai_handmade",
        "duccafe", "nhungthu3", "hoa_kho_hue", "truongphat", "linhnho", "bac_sau_ctho",
    ),
    "en": (
        "candle_mira", "oldbooks_pg", "tofu_and_tea", "FaridW", "kuchingplants", "little.rack",
        "sam_ceramics", "batikbay", "nightmarket_jo", "pennyroyal", "deskandpen", "thirdaunt",
        "hoian_lan", "QuietTill", "cebu_beans", "marketday", "onelegstool", "grey_gecko",
        "mrs_tan", "boardgamer88",
    ),
    "zh": (
        "绍兴小周", "茶店老林", "阿May杂货", "豆豆妈开店", "泉州阿强", "一间文具", "花店小禾",
        "槟城老陈", "不打烊的猫", "南门水果", "手工阿皮", "青岛大姐", "咖啡豆腐", "慢慢开店",
        "台南小安", "巷口選物", "香港茶記", "阿寶爸",
    ),
}  # fmt: skip

SELLERS = {
    "vi": ("setupshop_tron_goi", "daily_pos_mien_trung"),
    "en": ("storefast_agency", "printerpoint"),
    "zh": ("网店代建小王", "收银上门阿亮"),
}

SIGNATURES = {
    "gomchieu": "Gốm mộc, nung củi. Ghé tiệm uống trà.",
    "tieuthuong79": "Buôn có bạn, bán có phường",
    "FaridW": "Homeware, Penang. Closed on Mondays.",
    "mrs_tan": "I switched from coffee to tea and back. Ask me anything.",
    "茶店老林": "喝茶找我，三十年老店",
    "banhang247": "Shop mình chuyển sang địa chỉ mới, ghé chơi nhé",
}
"""Under every post of these members. Two speak of switching, which is not what the post says."""
