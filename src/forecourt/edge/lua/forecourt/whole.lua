--- What header fields say of a body as a whole.
local _M = {}

-- What is no longer true of a body that was changed.
local OF_THE_WHOLE = {
  "content-md5",
  "digest",
  "content-digest",
  "repr-digest",
  "accept-ranges",
}

--- Takes off what a body is no longer, once it was changed.
function _M.forget(headers)
  for i = 1, #OF_THE_WHOLE do
    headers:remove(OF_THE_WHOLE[i])
  end
end

return _M
