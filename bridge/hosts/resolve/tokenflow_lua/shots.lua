-- What of its media a timeline item shows: file, frames, handles, speed.

local Desk = require("tokenflow_lua.desk")
local has_speed = require("tokenflow_lua.speeds").has_speed
local studio = require("tokenflow_lua.studio")

local HANDLES = 8

local Shot = {}
Shot.__index = Shot

local function number_of(rate)
    local top, bottom = rate:match("^([%d.]+)/(%d+)$")
    return top and tonumber(top) / tonumber(bottom) or tonumber(rate)
end

local function count_of(media, item)
    local count = tonumber(media:GetClipProperty("Frames"))
    if not count then
        studio.fail("Resolve does not tell how long the file of " .. item:GetName() .. " is.")
    end
    return count
end

local function source_frames(item)
    return math.floor(item:GetSourceStartFrame()), math.floor(item:GetSourceEndFrame())
end

-- No call tells the speed: source and timeline span are compared, in seconds. 0 to 0 is what
-- conformed timelines say, and means unknown; reversed clips end before they start.
local function is_retimed(item, media_rate, timeline_rate)
    local first, last = source_frames(item)
    if (first == 0 and last == 0) or last < first then
        return true
    end
    local source = (last - first + 1) / media_rate
    local shown = item:GetDuration() / timeline_rate
    -- The ends are rounded to whole frames, and some versions count the last one, others do not.
    return math.abs(source - shown) > 1.5 / math.min(media_rate, timeline_rate)
end

-- A timeline item and the frames of its file that it shows: spec, as the studio takes it; first:
-- number of the file's first frame (movies count from 0); count: frames in the file; seen_first,
-- seen_last: numbers on the timeline; retimed: its speed is not 100 %, or cannot be told.
function Shot.of(desk, item)
    local self = setmetatable({ item = item, media = item:GetMediaPoolItem() }, Shot)
    if self.media == nil then
        studio.fail(item:GetName() .. " has no file: titles and generators cannot be sent.")
    end
    local path = self.media:GetClipProperty("File Path")
    if not path or path == "" then
        studio.fail(item:GetName() .. " is no single file: send it as seen.")
    end
    local stem, first, last, ending = path:match("^(.*)%[(%d+)%-(%d+)%](%.%w+)$")
    self.path = path
    self.spec = stem and stem .. ("#"):rep(#first) .. ending or path
    self.first = tonumber(first or 0)
    self.count = stem and tonumber(last) - self.first + 1 or count_of(self.media, item)
    self.rate = Desk.exact_rate(self.media:GetClipProperty("FPS"))
    local rate = number_of(desk:rate())
    self.retimed = is_retimed(item, number_of(self.rate), rate)
        or has_speed(desk, item, rate, self.rate == desk:rate())
    local from, to = source_frames(item)
    local offset = self.retimed and math.min(from, to) or math.floor(item:GetLeftOffset())
    local length = item:GetDuration()
    if self.retimed then
        length = (from == 0 and to == 0) and self.count or math.abs(to - from) + 1
    end
    self.seen_first = self.first + offset
    self.seen_last = self.seen_first + length - 1
    return self
end

-- First and last number to send: what is seen, and frames around it where there are any.
function Shot:with_handles()
    return math.max(self.first, self.seen_first - HANDLES),
        math.min(self.first + self.count - 1, self.seen_last + HANDLES)
end

-- The facts for the studio.
function Shot:facts(desk)
    local first, last = self:with_handles()
    return {
        frames = ("%d-%d"):format(first, last),
        cut = ("%d-%d"):format(math.max(first, self.seen_first), math.min(last, self.seen_last)),
        host_first = self.item:GetStart() - (self.seen_first - first),
        rate = self.rate,
        mode = "source",
        host = desk:host(self.item),
        reel = self.media:GetClipProperty("Reel Name") or "",
        colour = { file = self.media:GetClipProperty("Input Color Space") or "" },
        original = self.path,
    }
end

return Shot
