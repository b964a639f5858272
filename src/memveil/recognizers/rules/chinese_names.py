"""How Chinese writes the names of persons: pieces of expressions.

A Chinese name is a family name of a closed list and one or two more characters.
Where it ends is seen from what follows: a mark, or a character that names almost
never hold (verbs, particles). A foreign name is written with characters that only
transcribe sound, parted by a dot.
"""

from __future__ import annotations

from memveil.recognizers.rules.fragments import CJK

__all__ = [
    "COMMON_SURNAME",
    "COURTESY",
    "FOREIGN_NAME",
    "GIVEN",
    "NAME",
    "NAME_OR_FOREIGN",
    "NOT_IN_NAME",
    "SOUND",
    "SURNAME",
    "TITLE",
    "WHOLE",
]

_COMMON = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林郑谢罗梁宋唐许韩冯邓曹彭曾萧田董袁潘蒋蔡余杜叶程苏魏吕丁沈姚卢姜崔钟谭陆汪范"
    "廖贾韦付傅邹孟熊秦邱尹薛闫阎侯史陶黎贺顾郝龚邵严覃戴莫温康施樊葛邢倪庞颜聂章鲁岳翟殷詹耿焦俞柳甘祝舒柯纪梅童凌"
)
_RARER = (
    "高夏石金方白江段雷龙毛万钱武向汤文牛安齐易乔伍庄申欧关兰左包宁尚符阮毕季裴霍涂谷盛曲翁冉骆蓝游辛靳管柴蒙鲍华喻"
    "祁蒲房滕屈饶解牟艾尤阳穆农卓古吉缪芦麦褚娄窦戚岑景宫费卜冷晏席卫米柏宗瞿桂佟臧闵邬卞姬仇栾隋商刁荣巫寇郎甄丛仲"
    "虞敖巩佘苟苑迟邝匡鞠荆乐冀郁胥储栗燕楚任肖于孔陈项"
)
_COMPOUND = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|南宫|端木|长孙|宇文|独孤|百里|呼延|轩辕"

SURNAME = f"(?:{_COMPOUND}|[{_COMMON}{_RARER}])"
"""A Chinese family name."""

COMMON_SURNAME = f"(?:{_COMPOUND}|[{_COMMON}])"
"""A Chinese family name that is seldom a word of its own."""

NOT_IN_NAME = (
    "的是在了着过去来到有和与或跟给对从把被让叫说问看听想要会能应该得也都就还又再才只不没很太最更已将曾刚经常总"
    "我你他她它您们咱谁这那哪此每各某些个位名岁年日号时分秒点今昨前后里内外上下左右间旁边为因所以但而且则果"
    "吗呢吧啊呀哦嘛啦哈做作用使开关打发送寄收买卖吃喝住坐站走跑写读教考买付退请帮找等接送带拿放回出进入起"
    "完确认提交办理申请登记注册电话手机邮箱地址身份证护照车牌账户卡号码姓名先女士姐老师教授医主任经理"
    "负担任职工作居毕于患诊病疼痛需急感觉恨怕二三四五六七八九十两几多少"
)
"""Characters that follow a name far more often than they stand in one."""

GIVEN = f"(?:(?![{NOT_IN_NAME}])[{CJK}])"
"""A character of a given name."""

_NEXT = f"(?=[{NOT_IN_NAME}]|明[天年早晚日]|[^{CJK}]|$)"

# Words that begin with a family name.
_WORDS = (
    "谢谢|关闭|关注|关联|关系|关键|康复|毕业|高度|高级|高兴|安全|安装|安排|安静|费用|方便|方法|方案|方式|解决|解释|温馨|温度|平台|任何|任务|宁静|石油|白天|白色|金额|金融|金属|江苏|何时|何种"
    "|余额|余下|程序|程度|严重|严格|钱包|黄金|黄色|黄山|熊猫|陶瓷|万一|万元|牛奶|齐全|项目|贾克|杨梅|马上|马路|马桶|汤匙|包括|包含|包装|左右|游戏|游客|路线|田园|段落|时间|向上|全部|全家|曲线|盛大|连接|连续"
    "|单位|管理|计划|计算|尤其|司机|古典|古代|农村|农业|易于|乐意|乐趣|冷静|冷水|席位|米饭|全面|应用|明显|景色|车辆|柴油|雷达|龙头|水果|孔雀|满意|蓝色|华丽|华为|强烈"
)
_EVERYMAN = "张三|李四|王五|赵六|孙七|周八|吴九|郑十"
WHOLE = f"(?:{_EVERYMAN}|(?!{_WORDS}){SURNAME}{GIVEN}{{1,2}})"
"""A Chinese name, as long as it can be."""

NAME = f"(?:(?:{_EVERYMAN}|(?!{_WORDS}){SURNAME}{GIVEN}{{1,2}}){_NEXT})"
"""A whole Chinese name whose end can be seen."""

SOUND = (
    "阿埃艾爱安昂奥巴芭白班贝本比彼毕宾波伯博布采查茨慈达戴丹德登邓迪蒂丁东杜多厄恩尔法凡菲费芬丰弗福夫盖冈戈格根古"
    "哈海贡汉豪赫亨洪胡华怀霍基吉加贾简杰金卡凯坎康考科克肯孔库奎昆拉莱兰朗劳勒雷蕾黎里理丽利莉莲连列林琳龙卢鲁路伦罗"
    "洛马玛迈麦曼芒毛梅门蒙孟米密敏明莫默姆木穆拿纳娜南内尼涅妮宁纽农努诺欧帕潘佩彭皮平珀蒲普奇齐契钱强乔切钦琴琼丘"
    "让热日茹瑞若撒萨塞赛桑森沙莎山善尚绍舍申圣施什史士斯丝思司苏索塔泰坦汤唐特提田汀廷图托瓦万旺威韦维魏温文翁沃乌"
    "伍武西希席锡夏香向肖谢辛欣兴雄修许雅亚延扬杨耀耶叶伊英尤于约因卫顿逊治翰妲娅珊诺缇璐蔻凤娥迦廉波勃缪赞泽曾扎詹张珍芝知中朱祖佐蓓黛蒂菲歌荷嘉洁菈露曼妮"
)
"""Characters of a class: those that write the sound of foreign names."""

_DOT = "[·•‧・∙]"
FOREIGN_NAME = f"(?:(?:大卫|[{SOUND}]{{1,6}})(?:{_DOT}(?:[A-Z]\\.?{_DOT})?[{SOUND}]{{1,7}}){{1,3}})"
"""A foreign name in Han characters with its dots, ``伊莎多拉·门德斯``."""

NAME_OR_FOREIGN = f"(?:{FOREIGN_NAME}|{NAME})"

TITLE = r"(?:教授|博士|医生|大夫|医师|院士|老师|主任|院长|校长|律师|法官|检察官|警官|队长|所长|处长|科长|局长|书记|总监|经理|董事长|总裁|师傅|阿姨|叔叔|大爷|大妈|奶奶|爷爷|护士|护士长|教练|导师)"
"""A title that stands behind a name and belongs to it."""

COURTESY = r"(?:先生|女士|小姐|太太|夫人|同学|同志)"
"""A courtesy word that stands behind a name and does not belong to it."""
