"""Words of illness, complaint and treatment, English and Chinese: data for the health rules.

A modest list of what people name when they speak of their own body. Words that are
mostly about something else (``cold``, ``shock``, ``stroke``) are left to cues.
"""

from __future__ import annotations

__all__ = ["CONDITIONS", "CONDITIONS_ZH", "DRUGS", "DRUGS_ZH", "LOOSE_CONDITIONS"]

_CONDITIONS = """
acid reflux|gerd|acne rosacea|adhd|alopecia|alzheimer's|amenorrhea|anemia|anaemia|aneurysm|angina
ankylosing spondylitis|anorexia|anxiety disorder|appendicitis|arrhythmia|arthritis|asthma|atopic dermatitis
atrial fibrillation|autoimmune disease|back pain|bell's palsy|bipolar disorder|bladder infection|blood clot
brain tumor|brain tumour|breast cancer|bronchitis|bulimia|bunion|bursitis|carpal tunnel syndrome|carpal tunnel
cataract|cataracts|celiac disease|coeliac disease|cerebral palsy|cervical strain|chest pain|chickenpox
chlamydia|chronic fatigue|chronic pain|cirrhosis|colitis|colon cancer|concussion|conjunctivitis|copd
crohn's disease|crohn's|cystic fibrosis|cystitis|deep vein thrombosis|dementia|dermatitis|diabetes
type 1 diabetes|type 2 diabetes|diabetic neuropathy|diverticulitis|dry eyes|dyslexia|dysmenorrhea|eczema
emphysema|endometriosis|epilepsy|erectile dysfunction|eye strain|fatty liver|fibroids|fibromyalgia
food poisoning|frostbite|gallstones|gastritis|gastroenteritis|genital herpes|gestational diabetes
glaucoma|gluten intolerance|gonorrhea|gout|graves' disease|hashimoto's|hay fever|hearing loss|heart attack
heart disease|heart failure|heart murmur|heartburn|hemophilia|hemorrhoids|haemorrhoids
hepatitis b|hepatitis c|hepatitis|hernia|herniated disc|herpes|high blood pressure|high cholesterol
hiv positive|hiv-positive|hot flashes|hypertension|hyperthyroidism|hypoglycemia|hypothyroidism|hysterectomy
ibs|infertility|insomnia|iron deficiency|irritable bowel syndrome|joint pain|kidney disease|kidney failure
kidney stones|kidney stone|knee injury|lactose intolerance|lactose intolerant|leukemia
leukaemia|lung cancer|lupus|lyme disease|lymphoma|macular degeneration|major depression
major depressive disorder|melanoma|menopause|migraine|migraines|migraine headaches|miscarriage|mononucleosis
multiple sclerosis|muscular dystrophy|myocarditis|narcolepsy|neck pain|neuropathy
obsessive compulsive disorder|obsessive-compulsive disorder|osteoarthritis|osteoporosis|ovarian cyst
pancreatic cancer|pancreatitis|panic attack|panic attacks|panic disorder|parkinson's disease|parkinson's|pcos
peanut allergy|pelvic pain|peptic ulcer|perimenopause|plantar fasciitis|pleurisy|pneumonia|pollen allergy
post-traumatic stress disorder|postpartum depression|pre-eclampsia|preeclampsia|prediabetes|prostate cancer
prostatitis|psoriasis|ptsd|pulmonary embolism|restless legs|rheumatoid arthritis|rosacea|schizophrenia
sciatica|scoliosis|seasonal affective disorder|seasonal allergies|seizures|shellfish allergy|shingles
sickle cell|sinusitis|sleep apnea|sleep apnoea|social anxiety|sprained ankle|stomach ulcer|syphilis|tendonitis
tendinitis|tension headache|tension headaches|testicular cancer|thrombosis|thyroid cancer|tinnitus|tonsillitis
tourette's|tuberculosis|ulcerative colitis|urinary tract infection|uti|varicose veins|vertigo|vitiligo
vitamin d deficiency|vocal nodules|wrist sprain|yeast infection|pollen allergies|low iron|heart palpitations
palpitations|stage fright|myopia
"""
CONDITIONS = tuple(word for line in _CONDITIONS.split("\n") for word in line.split("|") if word)

LOOSE_CONDITIONS = (
    "allergy",
    "allergic",
    "anxiety",
    "blister",
    "cancer",
    "cough",
    "cramps",
    "depressed",
    "depression",
    "diarrhea",
    "disability",
    "dizziness",
    "fatigue",
    "fever",
    "flu",
    "fracture",
    "headache",
    "headaches",
    "infection",
    "inflammation",
    "injury",
    "nausea",
    "obesity",
    "pain",
    "pregnancy",
    "pregnant",
    "rash",
    "sprain",
    "stroke",
    "surgery",
    "symptoms",
    "tumor",
    "tumour",
    "ulcer",
    "disorder",
    "syndrome",
    "disease",
    "deficiency",
)

_DRUGS = """
acetaminophen|adderall|albuterol|alendronate|allopurinol|alprazolam|amitriptyline|amlodipine|amoxicillin
apixaban|aripiprazole|aspirin|atenolol|atorvastatin|azithromycin|baclofen|bisoprolol|budesonide|bupropion
buspirone|candesartan|carbamazepine|carvedilol|cefalexin|cephalexin|cetirizine|ciprofloxacin|citalopram
clindamycin|clonazepam|clopidogrel|clozapine|codeine|colchicine|cyclobenzaprine|dexamethasone|diazepam
diclofenac|digoxin|donepezil|doxycycline|duloxetine|eliquis|empagliflozin|enalapril|entresto|epipen
escitalopram|esomeprazole|estradiol|eszopiclone|ezetimibe|famotidine|fentanyl|finasteride|flecainide
fluconazole|fluoxetine|fluticasone|furosemide|gabapentin|glipizide|glimepiride|humira|hydrochlorothiazide
hydrocortisone|hydroxychloroquine|ibuprofen|imatinib|insulin glargine|isotretinoin|ketamine|lamotrigine
lansoprazole|latanoprost|letrozole|levetiracetam|levodopa|levothyroxine|lexapro|lisinopril|lithium carbonate
loratadine|lorazepam|losartan|meloxicam|memantine|metformin|methotrexate|methylphenidate|metoprolol
metronidazole|mirtazapine|modafinil|montelukast|morphine|naproxen|nebivolol|nitrofurantoin|nortriptyline
olanzapine|omeprazole|ondansetron|oxycodone|ozempic|pantoprazole|paracetamol|paroxetine|penicillin|pramipexole
prednisolone|prednisone|pregabalin|propranolol|prozac|quetiapine|ramipril|ranitidine|risperidone|ritalin
rivaroxaban|rizatriptan|ropinirole|rosuvastatin|salbutamol|semaglutide|sertraline|sildenafil|simvastatin
sitagliptin|spironolactone|sumatriptan|symbicort|tacrolimus|tamoxifen|tamsulosin|telmisartan|temazepam
tirzepatide|topiramate|tramadol|trazodone|valacyclovir|valproate|valsartan|venlafaxine|verapamil|viagra
vyvanse|warfarin|wegovy|xanax|zoloft|zolpidem
"""
DRUGS = tuple(word for line in _DRUGS.split("\n") for word in line.split("|") if word)

_CONDITIONS_ZH = """
偏头痛 糖尿病 高血压 低血压 高血脂 高血糖 低血糖 冠心病 心脏病 心律失常 心律不齐 心肌梗死 心梗 房颤
早搏 心悸 心肌炎 心绞痛 脑梗 脑梗死 脑出血 中风 脑卒中 癫痫 帕金森病 帕金森 阿尔茨海默病 老年痴呆
抑郁症 焦虑症 双相情感障碍 躁郁症 强迫症 精神分裂症 恐慌症 惊恐发作 创伤后应激障碍 产后抑郁 失眠症
失眠 多动症 自闭症 孤独症 阿斯伯格 厌食症 暴食症 社恐症 胃炎 胃溃疡 胃食管反流 肠胃炎 肠炎
溃疡性结肠炎 克罗恩病 肠易激综合征 阑尾炎 胆结石 胆囊炎 脂肪肝 肝硬化 乙肝 丙肝 甲肝 肝炎 胰腺炎
痔疮 便秘 胃痛 胃酸过多 十二指肠溃疡 哮喘 支气管炎 肺炎 肺结核 肺结节 慢阻肺 鼻炎 过敏性鼻炎 鼻窦炎
咽炎 扁桃体炎 花粉症 花粉过敏 花生过敏 海鲜过敏 青霉素过敏 乳糖不耐受 乳糖不耐 荨麻疹 湿疹 皮炎
银屑病 牛皮癣 白癜风 带状疱疹 疱疹 痤疮 颈椎病 颈椎劳损 腰椎间盘突出 腰肌劳损
腰间盘突出 肩周炎 关节炎 类风湿性关节炎 类风湿 痛风 骨质疏松 骨折 半月板损伤 腱鞘炎 网球肘 滑膜炎
强直性脊柱炎 脊柱侧弯 坐骨神经痛 膝盖损伤 甲状腺功能减退 甲状腺功能亢进 甲减 甲亢 桥本氏甲状腺炎
甲状腺结节 甲状腺癌 肾结石 肾炎 肾病 尿毒症 肾衰竭 尿路感染 膀胱炎 前列腺炎 前列腺增生 痛经
多囊卵巢综合征 多囊卵巢 子宫肌瘤 子宫内膜异位症 卵巢囊肿 不孕症 流产 更年期综合征 白血病 淋巴瘤 肺癌
肝癌 胃癌 乳腺癌 肠癌 结肠癌 直肠癌 宫颈癌 前列腺癌 食道癌 胰腺癌 鼻咽癌 脑瘤 肿瘤 贫血 缺铁性贫血
地中海贫血 血友病 静脉曲张 血栓 红斑狼疮 系统性红斑狼疮 艾滋病 梅毒 淋病 尖锐湿疣 HIV阳性 青光眼
白内障 黄斑变性 飞蚊症 干眼症 视疲劳 眼疲劳 视网膜脱落 散光 色盲 耳鸣 中耳炎 突发性耳聋 听力下降
眩晕症 梅尼埃病 口腔溃疡 牙周炎 智齿发炎 睡眠呼吸暂停 睡眠障碍 心率偏高 血糖偏高 血压偏高
胆固醇偏高 尿酸偏高 甲状腺炎 脑震荡 三叉神经痛 面瘫 重症肌无力 多发性硬化
"""
CONDITIONS_ZH = tuple(_CONDITIONS_ZH.split())

_DRUGS_ZH = """
布洛芬 阿莫西林 阿司匹林 氯雷他定 西替利嗪 对乙酰氨基酚 扑热息痛 二甲双胍 胰岛素 格列美脲 阿卡波糖
达格列净 司美格鲁肽 利拉鲁肽 氨氯地平 硝苯地平 缬沙坦 氯沙坦 厄贝沙坦 替米沙坦 美托洛尔 比索洛尔
倍他乐克 阿托伐他汀 瑞舒伐他汀 辛伐他汀 氯吡格雷 华法林 利伐沙班 硝酸甘油 速效救心丸 奥美拉唑 雷贝拉唑
泮托拉唑 铝碳酸镁 多潘立酮 蒙脱石散 头孢 头孢克肟 阿奇霉素 左氧氟沙星 青霉素 甲硝唑 奥司他韦 连花清瘟
板蓝根 左甲状腺素 优甲乐 甲巯咪唑 泼尼松 地塞米松 舍曲林 帕罗西汀 氟西汀 艾司西酞普兰 西酞普兰
文拉法辛 度洛西汀 米氮平 喹硫平 奥氮平 阿立哌唑 利培酮 碳酸锂 拉莫三嗪 丙戊酸钠 卡马西平 左乙拉西坦
阿普唑仑 劳拉西泮 氯硝西泮 艾司唑仑 安定片 唑吡坦 佐匹克隆 褪黑素 哌甲酯 专注达 沙丁胺醇 布地奈德
孟鲁司特 舒利迭 信必可 人工泪液 玻璃酸钠 拉坦前列素 非那雄胺 西地那非 甲氨蝶呤 羟氯喹 来氟米特
阿仑膦酸钠 秋水仙碱 别嘌醇 非布司他 塞来昔布 双氯芬酸 曲马多 吗啡 羟考酮 加巴喷丁 普瑞巴林 左旋多巴
多奈哌齐 他莫昔芬 来曲唑 优思明 紧急避孕药 降压药 降糖药 安眠药 抗抑郁药 止痛药 抗生素 降脂药 助眠药
过敏药 头痛药
"""
DRUGS_ZH = tuple(_DRUGS_ZH.split())
