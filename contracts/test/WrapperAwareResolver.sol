// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC165} from "@openzeppelin/contracts/interfaces/IERC165.sol";

interface IOwners {
    function owner(bytes32 node) external view returns (address);
}

interface IWrappedOwners {
    function ownerOf(uint256 id) external view returns (address);
}

/// @title A resolver that lets the owners of wrapped names write, as ENS's public resolver does since the NameWrapper
/// @notice For tests. It has no multicall, as resolvers of before 2019.
contract WrapperAwareResolver is IERC165 {
    IOwners private immutable _ens;
    address private immutable _nameWrapper;

    mapping(bytes32 node => mapping(string key => string)) private _texts;
    mapping(bytes32 node => address) private _addresses;

    event TextChanged(
        bytes32 indexed node,
        string indexed indexedKey,
        string key,
        string value
    );

    constructor(IOwners ens, address nameWrapper) {
        _ens = ens;
        _nameWrapper = nameWrapper;
    }

    modifier authorised(bytes32 node) {
        address owner = _ens.owner(node);
        if (owner == _nameWrapper) owner = IWrappedOwners(_nameWrapper).ownerOf(uint256(node));
        require(owner == msg.sender);
        _;
    }

    function setText(
        bytes32 node,
        string calldata key,
        string calldata value
    ) external authorised(node) {
        _texts[node][key] = value;
        emit TextChanged(node, key, key, value);
    }

    function setAddr(bytes32 node, address a) external authorised(node) {
        _addresses[node] = a;
    }

    function text(bytes32 node, string calldata key) external view returns (string memory) {
        return _texts[node][key];
    }

    function addr(bytes32 node) external view returns (address) {
        return _addresses[node];
    }

    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return
            interfaceId == type(IERC165).interfaceId ||
            interfaceId == this.text.selector ||
            interfaceId == this.addr.selector;
    }
}
