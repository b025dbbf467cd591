-- Speeds that an exported EDL alone shows: a ramp may last as long as its frames do at 100 %.

local studio = require("tokenflow_lua.studio")

local speeds = {}

local CODE = "%d%d:%d%d:%d%d[:;]%d%d"
local BEGINS = "(%d%d):(%d%d):(%d%d)([:;])(%d%d)"
local EVENT = "^%s*%d+%s+%S+%s+(%S+)%s.*" .. CODE .. "%s+" .. CODE .. "%s+" .. BEGINS .. "%s+" .. CODE .. "%s*$"

-- The number of a frame; drop-frame timecode leaves numbers out, but for every tenth minute.
local function frame_of(hours, minutes, seconds, frames, nominal, drop)
    local past = 60 * hours + minutes
    local count = (60 * past + seconds) * nominal + frames
    return drop and count - math.floor(nominal / 15) * (past - math.floor(past / 10)) or count
end

local function edl_of(desk)
    local path = studio.new_file(".edl")
    local done = desk.timeline:Export(path, desk.resolve.EXPORT_EDL, desk.resolve.EXPORT_NONE)
    local text = done and studio.content(path) or ""
    os.remove(path)
    return text
end

-- Whether the timeline's EDL gives a speed (M2) to what begins where `item` does. own_rate: whether
-- its media plays at the timeline's rate; else one M2 line may tell just that. An EDL holds one
-- video track; the free edition is not asked, since a call that it lacks blocks all others.
function speeds.has_speed(desk, item, rate, own_rate)
    if not desk:is_studio() then
        return false
    end
    local nominal, found, drop, begins = math.floor(rate + 0.5), 0, false, nil
    for text in edl_of(desk):gmatch("[^\r\n]+") do
        if text:sub(1, 4) == "FCM:" then
            drop = not text:find("NON", 1, true)
        end
        local channel, hours, minutes, seconds, sign, frames = text:match(EVENT)
        if channel and channel:find("V", 1, true) then
            begins = frame_of(hours, minutes, seconds, frames, nominal, drop or sign == ";")
        elseif text:sub(1, 2) == "M2" and begins == item:GetStart() then
            found = found + 1
        end
    end
    return found > (own_rate and 0 or 1)
end

return speeds
