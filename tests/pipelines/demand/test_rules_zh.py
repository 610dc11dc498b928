"""What the Chinese rules alone must find, and what they must leave alone.

A table of real ways to say it: each row is a post, a group of rules, and whether one of them
matches there (with the value it gives, where the group has values).
"""

import pytest

from pipelines.demand.folded import Folded
from pipelines.demand.rulebook import rulebook


def matched(text, group, value=None):
    book = rulebook("zh")
    hits = [h for h in book.hits(Folded(text).text) if h.rule.group == group]
    return any(value is None or h.rule.value == value for h in hits)


FOUND = [
    # defects, by kind of product
    ("鞋子穿了两周就开胶", "pain", None),
    ("沙发坐垫塌了，海绵跟没有一样", "pain", None),
    ("蓋子根本扣不緊，湯灑一包", "pain", None),
    ("充电充不满，联系不上售后", "pain", None),
    ("少了一颗螺丝，装不上", "pain", None),
    # service, waiting, billing
    ("客服一直踢皮球", "pain", None),
    ("押金拖了半年不退", "pain", None),
    ("等了三个小时才上菜", "pain", None),
    ("偷偷给我自动续费", "pain", None),
    ("充了年费会员还要看广告", "pain", None),
    ("新版本越来越难用", "pain", None),
    ("早知道不买这个了", "pain", None),
    ("踩雷了姐妹们", "pain", None),
    # praise
    ("老板娘人特别热情", "praise", None),
    ("客服秒回，二话不说就换了", "praise", None),
    ("肉质鲜嫩，分量足", "praise", None),
    ("没得黑，用了三年没坏过", "praise", None),
    ("戴一天也不夹耳朵，不勒", "praise", None),
    ("家里老人都会用", "praise", None),
    # barriers, all kinds
    ("一年三万多，哪付得起", "barrier", "price"),
    ("看到价格默默关掉了", "barrier", "price"),
    ("这么便宜反而不敢买", "barrier", "too_cheap"),
    ("没听说过这牌子，怕是骗子", "barrier", "trust"),
    ("条款看了半天没看懂", "barrier", "understanding"),
    ("我再去看看别家", "barrier", "not_compared"),
    ("不支持离线，直接排除", "barrier", "missing_feature"),
    ("怕不耐用，两年就坏", "barrier", "quality"),
    ("历史数据导不出来，懒得换", "barrier", "switching_cost"),
    ("抢了三次都没抢到", "barrier", "availability"),
    ("領導沒批，說明年再看", "barrier", "authority"),
    ("等双十一再说", "barrier", "timing"),
    # looking, weighing, using
    ("求一款静音的键盘", "seek", None),
    ("有没有适合敏感肌的防晒？", "seek", None),
    ("邊度買到平啲嘅鏡頭", "seek", None),
    ("理想和问界怎么选", "compare", None),
    ("哪款更耐造", "compare", None),
    ("住过两次，早餐一般", "use", None),
    # sellers
    ("承接小程序开发，源码交付", "sell", None),
    ("需要的朋友私我，限量20份", "sell", None),
    ("自家果园现摘现发，坏果包赔", "sell", None),
    # wishes, money, who decides
    ("什么时候能支持深色模式啊", "suggestion", None),
    ("拜托加个批量导出", "suggestion", None),
    ("三千以内，求推荐", "budget", "yes"),
    ("穷学生，买不起", "budget", "no"),
    ("公司里我说了算", "authority", "yes"),
    ("钱是我老婆管", "authority", "no"),
    # prospects who object, and who will never buy
    ("这水分也太大了，吓得我不敢做", "objection", None),
    ("打死我也不会买这种东西", "poor_fit", None),
    # switches
    ("上个月跳槽台灣大，訊號好多了", "switch", "done"),
    ("阿里云到期，打算搬腾讯云", "switch", "considering"),
    # told as events, results, sums and decisions
    ("外卖送到的时候汤洒了一半", "pain", None),
    ("鸡蛋到家碎了一地", "pain", None),
    ("这个月第三次了，又把快递扔门口", "pain", None),
    ("老是寄错地址，丢过我两次件", "pain", None),
    ("交完钱人就消失了", "pain", None),
    ("洗衣机脱水嗡嗡响", "pain", None),
    ("味道很一般", "pain", None),
    ("合同里一个字都没提", "pain", None),
    ("六年了还跟新的一样", "praise", None),
    ("孩子晚上终于能一觉到天亮", "praise", None),
    ("十分钟搞定，一个人就能装好", "praise", None),
    ("痘印淡了不少", "praise", None),
    ("摔了两次都没事", "praise", None),
    ("越用越顺手", "praise", None),
    ("没有异味，灯光不刺眼", "praise", None),
    ("以前喝瑞幸，后来换成库迪，便宜", "switch", "done"),
    ("从有道换到Obsidian快一年了", "switch", "done"),
    ("现在都用高德打车了", "switch", "done"),
    ("合同到期就走，不续了", "switch", "considering"),
    ("想换公司现在的宽带", "switch", "considering"),
    ("用了十几年，不会换牌子", "switch", "considering"),
    ("现在用的金蝶，老卡，考虑换掉", "switch", "considering"),
    ("数据全在里面，怕换了丢", "force", "anxiety"),
    ("用顺了，懒得折腾", "force", "habit"),
    ("再便宜五十我就买", "barrier", "price"),
    ("一百块的真皮沙发，你自己信吗", "barrier", "too_cheap"),
    ("一上来就让交定金，不踏实", "barrier", "trust"),
    ("必须三家比价", "barrier", "not_compared"),
    ("出了粉色我立刻下单", "barrier", "missing_feature"),
    ("质保才一年，太短", "barrier", "quality"),
    ("总经理还没点头，要等法务审", "barrier", "authority"),
    ("还在观望，等车主反馈", "barrier", "timing"),
    ("怕买回去吃灰", "barrier", "other"),
    ("老板批了三万", "budget", "yes"),
    ("八百块不是问题", "budget", "yes"),
    ("钱包不允许", "budget", "no"),
    ("首付还差三十万", "budget", "no"),
    ("家里大件都是我定", "authority", "yes"),
    ("不用请示谁", "authority", "yes"),
    ("我没有签字权", "authority", "no"),
    ("谢谢不用，没兴趣", "need", "no"),
    ("推销的一律拉黑", "poor_fit", None),
    ("样品还收钱？", "poor_fit", None),
    ("两千块的雨衣没有反光条？", "objection", None),
    ("为什么不含安装", "objection", None),
    ("一下雨厨房就淹", "trouble", None),
    ("我爸老是忘记吃药", "trouble", None),
    ("对账全靠表格，搞到半夜", "trouble", None),
]

LEFT_ALONE = [
    ("招商银行的网点在哪", "sell", None),
    ("供应商标签印错了", "sell", None),
    ("自己接单太累了，有没有平台", "sell", None),
    ("买了个空气炸锅", "pain", None),
    ("收到了，还没用，过两天追评", "pain", None),
    ("谁买谁知道", "compare", None),
    ("Bora的配置没法比", "compare", None),
    ("冰箱修了四次还是没修好", "compare", None),
    ("试用期三个月", "use", None),
    ("给准备买车的朋友一点参考", "seek", None),
    ("客服能不能出来说句话", "budget", None),
    ("这俩缺一个我都不买", "suggestion", None),
    ("爬起来看球不容易", "barrier", None),
    ("屏幕白天根本看不清", "barrier", None),
    ("换了衣服再出门", "switch", None),
    ("换了3个灯泡", "switch", None),
    ("换了之后还好", "switch", None),
    ("家里我一个人说了算", "barrier", "authority"),
    ("周末要搬家", "barrier", None),
]


@pytest.mark.parametrize(("text", "group", "value"), FOUND)
def test_what_is_found(text, group, value):
    assert matched(text, group, value)


@pytest.mark.parametrize(("text", "group", "value"), LEFT_ALONE)
def test_what_is_left_alone(text, group, value):
    assert not matched(text, group, value)
